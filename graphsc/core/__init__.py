"""What every floor uses: texts, places, problems, settings, identifiers; imports nothing above itself."""

"""Why a finding is there: the facts, or the absence, beneath it."""

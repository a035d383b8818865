"""The pages of this folder as a site: ``make site``. Nothing is fetched, neither when it is built nor when it is read."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from graphsc import __version__

project = "graphsc"
project_copyright = "the authors of graphsc"
version = release = __version__
extensions = ["myst_parser"]
exclude_patterns = ["parts"]  # what other pages are made of
myst_heading_anchors = 4
# Terms of the ontology have ids in HTML, and a test follows every link; examples of mistakes are mistaken.
suppress_warnings = ["myst.xref_missing", "misc.highlighting_failure"]
html_theme = "furo"
html_title = f"graphsc {__version__}"
html_show_sourcelink = html_show_sphinx = html_copy_source = False

"""graphsc: a knowledge graph of IT supply chains and responsibilities."""

__version__ = "0.1.0"

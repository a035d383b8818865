"""Exposure: access that an attacker may use, and the weakest links of chains."""

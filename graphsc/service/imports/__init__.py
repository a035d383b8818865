"""What other systems know, taken into the register: read, compared with it, and written."""

"""The report, whole or for one party, and the changes since an earlier one."""

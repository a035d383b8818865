"""The report: the whole or one party's part, and what has changed since an earlier one."""

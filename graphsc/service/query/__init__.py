"""Questions of an input: answered within a time limit, with what the reader of the answer must know beside it."""

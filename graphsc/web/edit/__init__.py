"""Writing down what was done: forms made from the examples of the rules, into the files that are served."""

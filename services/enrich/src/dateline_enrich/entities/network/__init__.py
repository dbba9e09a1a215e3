"""The neural network that labels names, and how text is given to it."""

"""The neural network that labels names: from text to windows, scores and spans."""

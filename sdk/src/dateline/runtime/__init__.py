"""The one idea: a task owns a partition, with its producer, its position and its state."""

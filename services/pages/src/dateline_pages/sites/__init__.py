"""The sites of a task: their queues, their politeness and what is known of them. Pure: no I/O, time is passed in."""

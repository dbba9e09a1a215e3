"""The demo: the whole pipeline once over a folder of seeds, and two questions to the articles that came out."""

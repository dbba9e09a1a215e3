"""The words of an article, and the word lists that the rules use."""

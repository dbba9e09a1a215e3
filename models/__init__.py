"""Recipes of the models that the project trains itself; nothing here is needed at run time."""

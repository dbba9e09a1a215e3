"""An example of a package that extends Dateline at each of its extension points."""

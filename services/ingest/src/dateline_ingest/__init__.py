"""Sources of news (files, standard input, feeds) to the topic `articles.parsed`."""

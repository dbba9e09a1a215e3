"""The recipe of the entity tagger: prepare, train, quantise, evaluate, write the card."""

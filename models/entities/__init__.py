"""The recipe of the entity tagger: prepares texts, trains, quantises, evaluates and writes the model card."""

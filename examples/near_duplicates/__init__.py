"""An example of two consumers: articles whose texts are nearly the same, found by MinHash and bands.

    dateline run examples.near_duplicates.bands:bands
    dateline run examples.near_duplicates.pairs:pairs

A task sees the articles of its partition alone, so the first consumer writes each article under the keys of its bands:
texts that are alike have a band in common, and meet in one partition. The second compares them there, in its state.
"""

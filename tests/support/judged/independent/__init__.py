"""Pages of independent sets: written from knowledge of real sites, without a look at the rules that judge them."""

"""What is known of sites, shown in words, and what operators decide about them."""

"""The WebSub subscriber (W3C Recommendation of 23 January 2018), for feeds whose hubs push new items."""

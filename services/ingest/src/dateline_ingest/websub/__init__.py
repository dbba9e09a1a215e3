"""WebSub subscriber (W3C Recommendation of 23 January 2018): feeds whose hubs push what is new."""

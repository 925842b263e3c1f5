"""From steps to what clients see: servers, queues, pools, drafts, prices of tokens."""

"""Published models exactly as published, one package a paper. Never imports the deployment engine."""

"""The plots, and the tables behind them: a file and a row of `FIGURES` each."""

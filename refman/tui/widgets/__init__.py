"""What is drawn. Widgets are given values and post messages; they fetch and decide nothing."""

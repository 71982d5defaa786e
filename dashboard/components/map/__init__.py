"""What Map is made of: its pickers, the canvas of pictures, colours."""

"""The HTTP door beside the screens: health, the browser's side of the frame, security headers."""

"""What the clinic means by an appointment, and the rules that the diary keeps."""

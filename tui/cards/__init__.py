"""Cards of a layout drawn as lines of text, for the command line and for the full-screen interface alike.

Pure: the daemon's answer in, lines of spans out. Everything from outside is made harmless on the way in.
"""

"""A pseudo-terminal: its name on the first line of stdout, then its bytes on stdin and stdout."""
import os
import pty
import select
import sys
import tty

master, slave = pty.openpty()
tty.setraw(slave)
os.write(1, (os.ttyname(slave) + "\n").encode())
while True:
    ready, _, _ = select.select([0, master], [], [])
    if 0 in ready:
        data = os.read(0, 4096)
        if not data:
            sys.exit(0)
        os.write(master, data)
    if master in ready:
        os.write(1, os.read(master, 4096))

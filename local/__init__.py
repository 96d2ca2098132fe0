"""The developer's own deployment: the real stacks on the local emulator, with one command."""

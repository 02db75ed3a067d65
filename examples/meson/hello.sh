#!/bin/sh
echo "Hello from Meson!"

#!/bin/sh
echo "Hello from make!"

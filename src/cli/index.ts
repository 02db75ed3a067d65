/** TODO cli. */

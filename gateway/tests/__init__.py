"""The gateway's tests; a package, so that the folder above is never taken for the package `gateway`."""

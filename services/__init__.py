"""Code that runs in AWS Lambda, one package a service, and the packager that zips it."""

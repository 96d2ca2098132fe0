terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

resource "aws_rds_certificate" "this" {
  certificate_identifier = "rds-ca-rsa4096-g1"
}

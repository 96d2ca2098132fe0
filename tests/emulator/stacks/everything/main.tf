# What the stacks of this repository use, in one small configuration: the emulator has to apply
# it, plan it again without a difference, change it in place and destroy it.
terraform {
  required_version = ">= 1.11"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "region" {
  type    = string
  default = "ap-southeast-1"
}

variable "backup_days" {
  type    = number
  default = 7
}

variable "storage_limit_gib" {
  type    = number
  default = 100
}

variable "postgres_major" {
  type    = string
  default = "17"
}

variable "major_upgrade" {
  type    = bool
  default = false
}

variable "deletion_protection" {
  type    = bool
  default = true
}

variable "code" {
  type        = string
  description = "Path of the Lambda function's zip file."
}

provider "aws" {
  region            = var.region
  s3_use_path_style = true

  default_tags {
    tags = {
      Project     = "everything"
      Environment = "test"
      ManagedBy   = "terraform"
    }
  }
}

data "aws_caller_identity" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  name    = "everything"
}

resource "aws_kms_key" "data" {
  description             = "Encrypts everything"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "Account"
        Effect    = "Allow"
        Principal = { AWS = "arn:aws:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "Logs"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*", "kms:Describe*"]
        Resource  = "*"
        Condition = {
          ArnLike = {
            "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${local.account}:*"
          }
        }
      },
    ]
  })
}

resource "aws_kms_alias" "data" {
  name          = "alias/${local.name}"
  target_key_id = aws_kms_key.data.key_id
}

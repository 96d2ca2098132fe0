# State in S3 with a lock in DynamoDB, as the stacks of this repository keep theirs; nothing else.
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    bucket         = "state"
    key            = "test/terraform.tfstate"
    encrypt        = true
    dynamodb_table = "state-lock"
    use_path_style = true
    # kms_key_id: by the test, which makes the key
  }
}

variable "revision" {
  type = number
}

resource "terraform_data" "this" {
  input = var.revision
}

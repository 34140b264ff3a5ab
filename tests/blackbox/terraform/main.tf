# Tables and what goes with them, in two states: `step` is 1 or 2. tests/blackbox/test_terraform.py applies both.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {}
variable "step" { type = number }

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "local"
  secret_key                  = "local"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true

  endpoints {
    dynamodb       = var.endpoint
    appautoscaling = var.endpoint
  }
}

resource "aws_dynamodb_table" "on_demand" {
  name                        = "tf-on-demand"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "pk"
  range_key                   = "sk"
  stream_enabled              = var.step == 1
  stream_view_type            = var.step == 1 ? "NEW_AND_OLD_IMAGES" : null
  deletion_protection_enabled = var.step == 2

  dynamic "attribute" {
    for_each = { pk = "S", sk = "N", (var.step == 1 ? "g" : "h") = "S" }
    content {
      name = attribute.key
      type = attribute.value
    }
  }

  global_secondary_index {
    name            = var.step == 1 ? "by-g" : "by-h"
    hash_key        = var.step == 1 ? "g" : "h"
    range_key       = "sk"
    projection_type = "ALL"
  }

  ttl {
    attribute_name = "expires"
    enabled        = true
  }

  point_in_time_recovery {
    enabled = false
  }

  on_demand_throughput {
    max_read_request_units  = 100
    max_write_request_units = 50
  }

  tags = var.step == 1 ? { environment = "test", owner = "me" } : { environment = "production" }
}

resource "aws_dynamodb_table" "provisioned" {
  name           = "tf-provisioned"
  read_capacity  = 4 + var.step
  write_capacity = 5
  hash_key       = "pk"
  table_class    = var.step == 1 ? "STANDARD" : "STANDARD_INFREQUENT_ACCESS"

  attribute {
    name = "pk"
    type = "S"
  }

  server_side_encryption {
    enabled = true
  }
}

resource "aws_dynamodb_table_item" "one" {
  table_name = aws_dynamodb_table.provisioned.name
  hash_key   = aws_dynamodb_table.provisioned.hash_key
  item       = jsonencode({ pk = { S = "one" }, n = { N = tostring(var.step) } })
}

resource "aws_dynamodb_resource_policy" "read" {
  resource_arn = aws_dynamodb_table.on_demand.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "step${var.step}"
      Effect    = "Allow"
      Principal = { AWS = "*" }
      Action    = "dynamodb:Query"
      Resource  = aws_dynamodb_table.on_demand.arn
    }]
  })
}

data "aws_dynamodb_table" "again" {
  name = aws_dynamodb_table.on_demand.name
}

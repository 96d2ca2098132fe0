resource "aws_glue_catalog_database" "logs" {
  name        = "everything_logs"
  description = "Flow logs in S3"
}

resource "aws_glue_catalog_table" "logs" {
  name          = "flow_logs"
  database_name = aws_glue_catalog_database.logs.name
  description   = "One row a flow"
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    EXTERNAL                    = "TRUE"
    classification              = "parquet"
    "projection.enabled"        = "true"
    "projection.year.type"      = "integer"
    "projection.year.range"     = "2026,2045"
    "projection.year.digits"    = "4"
    "storage.location.template" = "s3://${aws_s3_bucket.logs.bucket}/AWSLogs/year=$${year}/"
  }

  partition_keys {
    name = "year"
    type = "int"
  }

  storage_descriptor {
    location      = "s3://${aws_s3_bucket.logs.bucket}/AWSLogs/"
    input_format  = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat"

    columns {
      name = "interface_id"
      type = "string"
    }
    columns {
      name = "end"
      type = "bigint"
    }

    ser_de_info {
      serialization_library = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
      parameters            = { "serialization.format" = "1" }
    }
  }
}

resource "aws_athena_workgroup" "logs" {
  name          = "everything-logs"
  description   = "Questions to the flow logs"
  force_destroy = true

  configuration {
    enforce_workgroup_configuration    = true
    bytes_scanned_cutoff_per_query     = var.scan_limit_bytes
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = "s3://${aws_s3_bucket.data.bucket}/"

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = aws_kms_key.data.arn
      }
    }
  }
}

variable "scan_limit_bytes" {
  type    = number
  default = 10737418240
}

resource "aws_athena_named_query" "rejected" {
  name        = "rejected-traffic"
  description = "Refused connections"
  workgroup   = aws_athena_workgroup.logs.id
  database    = aws_glue_catalog_database.logs.name
  query       = "SELECT * FROM \"${aws_glue_catalog_table.logs.name}\" WHERE \"end\" > 0\n"
}

"""Instances, groups of them, their disks, Kubernetes and files, priced by hand."""

from __future__ import annotations

from tests.pipeline.cost.pricers.support import Case, resource

US = "us-east-1"
TEMPLATE = resource(
    "aws_launch_template.t",
    {
        "id": "lt-1",
        "name": "t",
        "instance_type": "m5.large",
        "monitoring": [{"enabled": True}],
        "placement": [{"tenancy": "default"}],
        "network_interfaces": [{"associate_public_ip_address": "true"}],
        "block_device_mappings": [
            {"device_name": "/dev/xvda", "ebs": [{"volume_size": 20, "volume_type": "gp3"}]},
            {"device_name": "/dev/sdb", "ebs": [{"volume_size": 500, "volume_type": "st1"}]},
            {"device_name": "/dev/sdc", "virtual_name": "ephemeral0"},
        ],
    },
)
CONFIGURATION = resource(
    "aws_launch_configuration.c",
    {
        "name": "c",
        "instance_type": "t2.micro",
        "root_block_device": [{"volume_size": 8}],
        "ebs_block_device": [{"device_name": "/dev/sdb", "volume_size": 10}],
    },
)
DISK = resource("aws_ebs_volume.v", {"id": "vol-1", "type": "gp3", "size": 100})

CASES = (
    Case(
        name="ec2-instance",
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "t3.micro",
                "associate_public_ip_address": True,
                "root_block_device": [{"volume_size": 10, "volume_type": "gp3"}],
            },
        ),
        monthly={
            "instance t3.micro, Linux": "9.636",  # 730 x 0.0132
            "public IPv4 address": "3.65",
            "CPU credits above the earned": None,
            "storage gp3": "0.96",  # 10 x 0.096
        },
    ),
    Case(
        # 777.74 of what has a price; hardware of its own has none.
        name="instance-on-hardware-of-its-own",
        region=US,
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "t3.medium",
                "monitoring": True,
                "tenancy": "dedicated",
                "associate_public_ip_address": False,
                "root_block_device": [{"volume_type": "gp3", "volume_size": 8}],
                "ebs_block_device": [
                    {
                        "device_name": "/dev/sdb",
                        "volume_type": "io2",
                        "volume_size": 1000,
                        "iops": 10000,
                    }
                ],
            },
        ),
        usage={"monthly_cpu_credit_hrs": "0"},
        monthly={
            "detailed monitoring": "2.1",  # 7 metrics x 0.30
            "CPU credits above the earned": "0",
            "storage gp3": "0.64",  # 8 x 0.08
            "IOPS io2, /dev/sdb": "650",  # 10000 x 0.065
            "storage io2, /dev/sdb": "125",  # 1000 x 0.125
        },
    ),
    Case(
        name="instance-that-runs-by-day-and-buys-credits",
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "t3.xlarge",
                "subnet_id": "subnet-1",
                "root_block_device": [{"volume_size": 10}],
            },
        ),
        beside=(resource("aws_subnet.s", {"id": "subnet-1", "map_public_ip_on_launch": True}),),
        usage={"monthly_hrs": "100", "monthly_cpu_credit_hrs": "10"},
        monthly={
            "instance t3.xlarge, Linux": "21.12",  # 100 x 0.2112
            "public IPv4 address": "0.5",  # 100 x 0.005
            "CPU credits above the earned": "2",  # 10 h x 4 vCPU x 0.05
            "storage gp2": "1.2",  # 10 x 0.12
        },
    ),
    Case(
        name="instance-with-bought-credits-of-t2",
        region=US,
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "t2.micro",
                "credit_specification": [{"cpu_credits": "unlimited"}],
                "root_block_device": [{"volume_size": 8, "volume_type": "standard"}],
            },
        ),
        usage={"monthly_cpu_credit_hrs": "100", "monthly_standard_io_requests": "3000000"},
        monthly={
            "instance t2.micro, Linux": "8.468",  # 730 x 0.0116
            "CPU credits above the earned": "5",  # 100 h x 1 vCPU x 0.05
            "I/O requests": "0.15",  # 3 x 0.05
            "storage standard": "0.4",  # 8 x 0.05
        },
    ),
    Case(
        name="instance-of-arm-with-stated-vcpus",
        region=US,
        of=resource(
            "aws_instance.i",
            {"instance_type": "t4g.small", "root_block_device": [{"volume_size": 8}]},
        ),
        usage={"monthly_cpu_credit_hrs": "100", "vcpu_count": "1"},
        monthly={
            "instance t4g.small, Linux": "12.264",  # 730 x 0.0168
            "CPU credits above the earned": "4",  # 100 h x 1 vCPU x 0.04
            "storage gp2": "0.8",
        },
    ),
    Case(
        name="instance-of-amd-that-buys-no-credits",
        region=US,
        of=resource(
            "aws_instance.i",
            {"instance_type": "t3a.nano", "root_block_device": [{"volume_size": 8}]},
        ),
        usage={"monthly_cpu_credit_hrs": "0"},
        monthly={
            "instance t3a.nano, Linux": "3.431",  # 730 x 0.0047
            "CPU credits above the earned": "0",
            "storage gp2": "0.8",
        },
    ),
    Case(
        name="instance-of-a-template-and-its-own-root-disk",
        region=US,
        of=resource(
            "aws_instance.i",
            {
                "associate_public_ip_address": False,
                "launch_template": [{"name": "t"}],
                "root_block_device": [{"volume_size": 30, "volume_type": "gp2"}],
                # Attached: the disk is a resource of its own.
                "ebs_block_device": [{"device_name": "/dev/sdf", "volume_id": "vol-1"}],
            },
        ),
        beside=(TEMPLATE, DISK),
        monthly={
            "instance m5.large, Linux": "70.08",  # 730 x 0.096
            "detailed monitoring": "2.1",
            "storage gp2": "3",  # 30 x 0.10
            "storage st1, /dev/sdb": "22.5",  # 500 x 0.045
        },
    ),
    Case(
        name="spot-instance-of-a-market",
        of=resource(
            "aws_instance.i",
            {
                "instance_type": "m5.large",
                "instance_market_options": [{"market_type": "spot"}],
                "root_block_device": [{"volume_size": 10}],
            },
        ),
        monthly={"storage gp2": "1.2"},
    ),
    Case(
        name="request-of-a-spot-instance",
        of=resource(
            "aws_spot_instance_request.s",
            {
                "instance_type": "m5.large",
                "monitoring": True,
                "root_block_device": [{"volume_size": 10}],
            },
        ),
        monthly={"detailed monitoring": "2.1", "storage gp2": "1.2"},
    ),
    Case(
        name="request-of-a-spot-instance-of-a-template",
        region=US,
        of=resource(
            "aws_spot_instance_request.s",
            {"associate_public_ip_address": False, "launch_template": [{"name": "t"}]},
        ),
        beside=(TEMPLATE,),
        monthly={
            "detailed monitoring": "2.1",
            "storage gp3": "1.6",
            "storage st1, /dev/sdb": "22.5",
        },
    ),
    Case(
        name="group-of-a-template",
        region=US,
        of=resource(
            "aws_autoscaling_group.g",
            {"desired_capacity": 3, "launch_template": [{"name": "t"}]},
        ),
        beside=(TEMPLATE,),
        monthly={
            "instance m5.large, Linux": "210.24",  # 3 x 730 x 0.096
            "detailed monitoring": "6.3",  # 3 x 7 x 0.30
            "public IPv4 address": "10.95",  # 3 x 730 x 0.005
            "storage gp3": "4.8",  # 3 x 20 x 0.08
            "storage st1, /dev/sdb": "67.5",  # 3 x 500 x 0.045
        },
    ),
    Case(
        name="group-of-a-configuration-as-small-as-may-be",
        region=US,
        of=resource("aws_autoscaling_group.g", {"min_size": 2, "launch_configuration": "c"}),
        beside=(CONFIGURATION,),
        monthly={
            "instance t2.micro, Linux": "16.936",  # 2 x 730 x 0.0116
            "detailed monitoring": "4.2",  # on unless it is switched off
            "storage gp2": "1.6",  # 2 x 8 x 0.10
            "storage gp2, /dev/sdb": "2",  # 2 x 10 x 0.10
        },
    ),
    Case(
        name="group-of-which-is-stated-how-many-run",
        region=US,
        of=resource(
            "aws_autoscaling_group.g", {"desired_capacity": 3, "launch_template": [{"id": "lt-1"}]}
        ),
        beside=(TEMPLATE,),
        usage={"instances": "1.5"},
        monthly={
            "instance m5.large, Linux": "105.12",  # 1.5 x 730 x 0.096
            "detailed monitoring": "3.15",
            "public IPv4 address": "5.475",
            "storage gp3": "2.4",
            "storage st1, /dev/sdb": "33.75",
        },
    ),
    *(
        Case(
            name=f"{of.type}-with-all-that-can-be-stated",
            region=US,
            of=of,
            beside=(
                resource(
                    "aws_launch_template.t",
                    {
                        "id": "lt-1",
                        "instance_type": "t3.large",
                        "network_interfaces": [{"associate_public_ip_address": "false"}],
                        "block_device_mappings": [
                            {
                                "device_name": "/dev/sda1",
                                "ebs": [{"volume_size": 10, "volume_type": "standard"}],
                            }
                        ],
                    },
                ),
            ),
            usage={
                "instances": "2",
                "monthly_cpu_credit_hrs": "10",
                "vcpu_count": "2",
                "monthly_standard_io_requests": "1000000",
                "operating_system": "linux",
            },
            monthly={
                "instance t3.large, Linux": "121.472",  # 2 x 730 x 0.0832
                "CPU credits above the earned": "2",  # 2 x 10 h x 2 vCPU x 0.05
                "I/O requests": "0.1",  # 2 x 0.05
                "storage standard": "1",  # 2 x 10 x 0.05
            },
        )
        for of in (
            resource("aws_autoscaling_group.g", {"launch_template": [{"id": "lt-1"}]}),
            resource("aws_eks_node_group.n", {"launch_template": [{"id": "lt-1"}]}),
        )
    ),
    Case(
        name="spot-request-with-all-that-can-be-stated",
        region=US,
        of=resource(
            "aws_spot_instance_request.s",
            {
                "instance_type": "t3.large",
                "root_block_device": [{"volume_size": 10, "volume_type": "standard"}],
                "ebs_block_device": [{"device_name": "/dev/sdb", "volume_size": 10}],
            },
        ),
        usage={
            "monthly_cpu_credit_hrs": "10",
            "vcpu_count": "2",
            "monthly_standard_io_requests": "1000000",
        },
        monthly={
            "CPU credits above the earned": "1",
            "I/O requests": "0.05",
            "storage standard": "0.5",
            "storage gp2, /dev/sdb": "1",
        },
    ),
    Case(
        name="group-of-several-kinds",
        of=resource("aws_autoscaling_group.g", {"mixed_instances_policy": [{}]}),
        monthly={},
    ),
    Case(name="launch-template", of=TEMPLATE, monthly={}),
    Case(name="launch-configuration", of=CONFIGURATION, monthly={}),
    Case(
        name="disk-of-gp3-above-the-included",
        of=resource(
            "aws_ebs_volume.v", {"type": "gp3", "size": 100, "iops": 4000, "throughput": 225}
        ),
        monthly={
            "storage gp3": "9.6",  # 100 x 0.096
            "IOPS above the included": "6",  # 1000 x 0.006
            "throughput above the included": "4.8",  # 100 x 0.048
        },
    ),
    Case(
        name="disk-of-which-no-kind-is-set",
        of=resource("aws_ebs_volume.v", {"size": 50}),
        monthly={"storage gp2": "6"},
    ),
    Case(
        name="disk-of-io1",
        of=resource("aws_ebs_volume.v", {"type": "io1", "size": 100, "iops": 1000}),
        monthly={"storage io1": "13.8", "IOPS io1": "72"},  # 100 x 0.138; 1000 x 0.072
    ),
    Case(
        name="disk-of-io2-in-three-tiers",
        region=US,
        of=resource("aws_ebs_volume.v", {"type": "io2", "size": 500, "iops": 70000}),
        monthly={
            "storage io2": "62.5",
            "IOPS io2": "3727.1",  # 32000 x 0.065 + 32000 x 0.0455 + 6000 x 0.03185
        },
    ),
    Case(
        name="disk-of-st1",
        region=US,
        of=resource("aws_ebs_volume.v", {"type": "st1", "size": 500}),
        monthly={"storage st1": "22.5"},
    ),
    Case(
        name="disk-of-sc1",
        region=US,
        of=resource("aws_ebs_volume.v", {"type": "sc1", "size": 500}),
        monthly={"storage sc1": "7.5"},
    ),
    Case(
        name="disk-of-standard",
        region=US,
        of=resource("aws_ebs_volume.v", {"type": "standard", "size": 100}),
        usage={"monthly_standard_io_requests": "10000000"},
        monthly={"storage standard": "5", "I/O requests": "0.5"},
    ),
    Case(
        name="snapshot-with-requests",
        region=US,
        of=resource("aws_ebs_snapshot.s", {"volume_id": "vol-1"}),
        beside=(DISK,),
        usage={
            "monthly_list_block_requests": "1000000",
            "monthly_get_block_requests": "100000",
            "monthly_put_block_requests": "100000",
            "fast_snapshot_restore_hours": "10",
        },
        monthly={
            "LIST block requests": "0.6",  # 1000 x 0.0006
            "GET block requests": "0.3",  # 100 x 0.003
            "PUT block requests": "0.6",  # 100 x 0.006
            "fast restore": "7.5",  # 10 x 0.75
            "storage": "5",  # 100 x 0.05
        },
    ),
    Case(
        name="snapshot-in-the-archive",
        of=resource("aws_ebs_snapshot.s", {"volume_size": 200, "storage_tier": "archive"}),
        monthly={"storage": "2.5"},  # 200 x 0.0125
    ),
    Case(
        name="snapshot-that-is-restored-fast",
        region=US,
        of=resource("aws_ebs_fast_snapshot_restore.r"),
        monthly={"fast restore": "547.5"},  # 730 x 0.75
    ),
    Case(
        name="copy-of-a-snapshot",
        of=resource("aws_ebs_snapshot_copy.c", {"source_snapshot_id": "snap-1"}),
        beside=(resource("aws_ebs_snapshot.s", {"id": "snap-1", "volume_id": "vol-1"}), DISK),
        monthly={"storage": "5"},
    ),
    Case(
        name="cluster-in-extended-support",
        of=resource("aws_eks_cluster.c", {"version": "1.30"}),
        monthly={"cluster": "73", "extended support": "365"},  # 730 x 0.10; 730 x 0.50
    ),
    Case(
        name="cluster-that-is-upgraded-instead",
        of=resource(
            "aws_eks_cluster.c",
            {"version": "1.30", "upgrade_policy": [{"support_type": "STANDARD"}]},
        ),
        monthly={"cluster": "73"},
    ),
    Case(
        name="cluster-of-the-newest-version",
        of=resource("aws_eks_cluster.c"),
        monthly={"cluster": "73"},
    ),
    Case(
        name="nodes-by-default",
        region=US,
        of=resource("aws_eks_node_group.n", {"scaling_config": [{"desired_size": 2}]}),
        usage={"monthly_cpu_credit_hrs": "10"},
        monthly={
            "storage gp2": "4",  # 2 x 20 x 0.10
            "instance t3.medium, Linux": "60.736",  # 2 x 730 x 0.0416
            "CPU credits above the earned": "2",  # 2 x 10 h x 2 vCPU x 0.05
        },
    ),
    Case(
        name="nodes-of-a-template",
        region=US,
        of=resource(
            "aws_eks_node_group.n",
            {
                "scaling_config": [{"desired_size": 2}],
                "instance_types": ["t3.large", "t3a.large"],
                "launch_template": [{"name": "t"}],
            },
        ),
        beside=(TEMPLATE,),
        usage={"instances": "1", "monthly_cpu_credit_hrs": "0"},
        monthly={
            "instance t3.large, Linux": "60.736",  # 730 x 0.0832
            "detailed monitoring": "2.1",
            "public IPv4 address": "3.65",
            "CPU credits above the earned": "0",
            "storage gp3": "1.6",
            "storage st1, /dev/sdb": "22.5",
        },
    ),
    Case(
        name="spot-nodes",
        region=US,
        of=resource(
            "aws_eks_node_group.n",
            {
                "scaling_config": [{"desired_size": 3}],
                "instance_types": ["m5.large"],
                "capacity_type": "SPOT",
                "disk_size": 50,
            },
        ),
        monthly={"storage gp2": "15"},  # 3 x 50 x 0.10
    ),
    Case(
        name="pods-on-fargate",
        of=resource("aws_eks_fargate_profile.p"),
        usage={"monthly_vcpu_hours": "100", "monthly_memory_gb_hours": "200"},
        monthly={"vCPU of pods": "5.056", "memory of pods": "1.106"},  # x 0.05056; x 0.00553
    ),
    Case(
        name="files",
        of=resource("aws_efs_file_system.f"),
        usage={"storage_gb": "100"},
        monthly={"storage, standard": "36"},  # 100 x 0.36
    ),
    Case(
        name="files-that-move",
        of=resource(
            "aws_efs_file_system.f",
            {
                "throughput_mode": "provisioned",
                "provisioned_throughput_in_mibps": 10,
                "lifecycle_policy": [
                    {"transition_to_ia": "AFTER_30_DAYS"},
                    {"transition_to_archive": "AFTER_90_DAYS"},
                ],
            },
        ),
        usage={
            "storage_gb": "100",
            "infrequent_access_storage_gb": "100",
            "monthly_infrequent_access_read_gb": "10",
            "monthly_infrequent_access_write_gb": "20",
            "archive_storage_gb": "1000",
            "monthly_archive_read_gb": "10",
            "monthly_archive_write_gb": "20",
        },
        monthly={
            "storage, standard": "36",
            "storage, infrequent access": "2.72",  # 100 x 0.0272
            "read from infrequent access": "0.12",
            "written to infrequent access": "0.24",
            "storage, archive": "10",  # 1000 x 0.01
            "read from the archive": "0.36",
            "written to the archive": "0.72",
            "provisioned throughput": "36",  # (10 - 100 / 20) x 7.2
        },
    ),
    Case(
        name="files-with-elastic-throughput",
        of=resource("aws_efs_file_system.f", {"throughput_mode": "elastic"}),
        usage={
            "storage_gb": "0",
            "infrequent_access_storage_gb": "100",
            "monthly_elastic_read_gb": "100",
            "monthly_elastic_write_gb": "100",
        },
        monthly={
            "storage, standard": "0",
            "storage, infrequent access": "2",  # 100 x 0.02
            "data read": "4",
            "data written": "7",
        },
    ),
    Case(
        name="files-in-one-zone",
        of=resource("aws_efs_file_system.f", {"availability_zone_name": "ap-southeast-1a"}),
        usage={"storage_gb": "100", "infrequent_access_storage_gb": "100"},
        monthly={
            "storage, one_zone": "19.2",  # 100 x 0.192
            "storage, infrequent access": "1.45",  # 100 x 0.0145
        },
    ),
)

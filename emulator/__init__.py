"""The local AWS endpoint that `make deploy-local` and the tests deploy to.

It is moto's server plus the gaps that our stacks fall into (`emulator.gaps`). That a stack
round-trips here (apply, empty plan, destroy) proves that our Terraform is consistent; it does not
prove that AWS accepts it.

    from emulator.control import environment, start

    emulator = start(root)
    subprocess.run(["terraform", "apply"], env=environment(emulator, "123456789012", "us-east-1"))
"""

"""moto's server, as it is but for writing down which rights are used."""

import used_rights
from moto.server import main

used_rights.on_moto()
main()

"""The sending of this service, every letter signed (DKIM, RSA with 2,048 bits)."""

from benchmarks.senders.order import Order, told
from benchmarks.senders.ours import send
from newsletter.dkim.key import new_key, read_key
from newsletter.dkim.signing import Signer

if __name__ == "__main__":
    told(send(Order.given(), signer=Signer(key=read_key(new_key()), domain="iscm.example", selector="s")))

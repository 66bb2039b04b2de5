import threading

# ANCHOR: fence
class Fenced:
    """只认比见过的更大的令牌。"""

    def __init__(self):
        self.seen = 0
        self.lock = threading.Lock()

    def accept(self, token):
        with self.lock:
            if token < self.seen:
                return False
            self.seen = token
            return True
# ANCHOR_END: fence


store = Fenced()
print([store.accept(token) for token in (1, 3, 2, 3)])

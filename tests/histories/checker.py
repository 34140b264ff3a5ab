"""Whether a history of operations on lists is strictly serializable: each as if done at one moment between its begin and
its end.

Every key's lists must be prefixes of its last one, which gives the order of the writes; what was acknowledged must be
there, once, and what was refused must not. Then operations depend on each other (Adya, "Weak Consistency", 1999):

    ww  a write comes before the next one to its key
    wr  a write comes before a read that saw it last
    rw  a read comes before the write after what it saw
    rt  what has ended comes before what begins later

and a circle of these is an anomaly. Nothing here knows of the server.
"""

from collections import defaultdict

from history import FAILED, OK, UNKNOWN


class Anomaly(Exception):
    pass


def check(history):
    """Raises Anomaly; gives the number of dependencies otherwise."""
    orders = _orders(history)
    happened = _happened(history, orders)
    edges = _dependencies(history, happened, orders)
    _order_in_time(history, happened, edges)
    _find_circle(history, edges)
    return sum(len(following) for following in edges.values())


def _orders(history):
    """key -> the longest list seen there; every other one begins it."""
    longest = {}
    for operation in history:
        for key, seen in operation.reads.items():
            if len(seen) > len(longest.get(key, ())):
                longest[key] = seen
    for operation in history:
        for key, seen in operation.reads.items():
            if seen != longest.get(key, [])[:len(seen)]:
                raise Anomaly(f"two orders of one key: {key} was {seen} and {longest[key]}")
    return longest


def _happened(history, orders):
    """The operations that were done, by index: acknowledged, or unanswered with a write that somebody saw."""
    writers = {}
    for index, operation in enumerate(history):
        for key, number in operation.appends.items():
            assert (key, number) not in writers, "a number was used twice by the client"
            writers[key, number] = index
    seen = set()
    for key, numbers in orders.items():
        if len(set(numbers)) != len(numbers):
            raise Anomaly(f"done twice: {key} holds {numbers}")
        for number in numbers:
            writer = writers.get((key, number))
            if writer is None:
                raise Anomaly(f"from nowhere: {number} in {key}")
            if history[writer].outcome == FAILED:
                raise Anomaly(f"refused and done: {number} in {key}, {history[writer]}")
            seen.add(writer)
    for index, operation in enumerate(history):
        missing = [key for key, number in operation.appends.items() if number not in orders.get(key, ())]
        if missing and (operation.outcome == OK or index in seen and operation.outcome == UNKNOWN):
            raise Anomaly(f"lost: the write to {missing} of {operation}")
    return {i for i, operation in enumerate(history) if operation.outcome == OK or i in seen}


def _dependencies(history, happened, orders):
    edges = defaultdict(dict)  # index -> {index: why}
    writer = {(key, number): i for i in happened for key, number in history[i].appends.items()}

    def add(first, second, why):
        if first != second:
            edges[first].setdefault(second, why)

    for key, numbers in orders.items():
        for before, after in zip(numbers, numbers[1:]):
            add(writer[key, before], writer[key, after], f"ww {key}")
    for index in happened:
        for key, seen in history[index].reads.items():
            order = orders.get(key, [])
            if seen:
                add(writer[key, seen[-1]], index, f"wr {key}")
            if len(seen) < len(order):
                add(index, writer[key, order[len(seen)]], f"rw {key}")
    return edges


def _order_in_time(history, happened, edges):
    """Edges from each operation to those that begin after its end, but for those that follow from others."""
    events = []
    for index in happened:
        operation = history[index]
        events.append((operation.begin, 1, index))
        if operation.outcome == OK:
            events.append((operation.end, 0, index))
    frontier = {}  # the ended operations that do not follow from one another
    waiting = {}   # those under way: what was in the frontier when they began
    for _, begins, index in sorted(events):
        if begins:
            waiting[index] = set(frontier)
            for ended in frontier:
                edges[ended].setdefault(index, "rt")
        else:
            for implied in waiting.pop(index):
                frontier.pop(implied, None)
            frontier[index] = True


def _find_circle(history, edges):
    """Tarjan's strongly connected components, without recursion."""
    number, low, on_stack, stack, count = {}, {}, set(), [], 0
    for root in list(edges):
        if root in number:
            continue
        walk = [(root, iter(edges[root]))]
        number[root] = low[root] = count = count + 1
        stack.append(root)
        on_stack.add(root)
        while walk:
            node, following = walk[-1]
            for after in following:
                if after not in number:
                    number[after] = low[after] = count = count + 1
                    stack.append(after)
                    on_stack.add(after)
                    walk.append((after, iter(edges.get(after, ()))))
                    break
                if after in on_stack:
                    low[node] = min(low[node], number[after])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[node])
                if low[node] == number[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1:
                        raise Anomaly(_words(history, edges, set(component)))


def _words(history, edges, component):
    """A shortest circle through some member."""
    best = None
    for start in sorted(component)[:50]:
        came, todo = {start: None}, [start]
        found = None
        while todo and found is None:
            following = []
            for node in todo:
                for after in edges.get(node, ()):
                    if after == start:
                        found = node
                        break
                    if after in component and after not in came:
                        came[after] = node
                        following.append(after)
                if found is not None:
                    break
            todo = following
        path = []
        while found is not None:
            path.append(found)
            found = came[found]
        path.reverse()
        if path and (best is None or len(path) < len(best)):
            best = path
    lines = ["a circle:"]
    for node, after in zip(best, best[1:] + best[:1]):
        lines.append(f"  {history[node]}\n    {edges[node][after]}")
    return "\n".join(lines)

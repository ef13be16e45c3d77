"""The cameras: pictures of the file in turn, as fast as the broker takes them, or each camera at its rate."""
import time

from pipeline import IMAGE_BYTES, IMAGES, LABELS, SETTINGS, create_producer

cameras, images, rate, partitions = (int(SETTINGS[name]) for name in ("CAMERAS", "IMAGES", "RATE", "PARTITIONS"))
with open(SETTINGS["PICTURES"], "rb") as file:
    pictures = file.read()
picture_count = len(pictures) // (1 + IMAGE_BYTES)
run = b"%x" % time.time_ns()
producer = create_producer()


def send(camera, number):
    at = (camera * picture_count // cameras + number) % picture_count * (1 + IMAGE_BYTES)
    producer.send(IMAGES, key=b"camera-%d" % (camera + 1), value=pictures[at + 1:at + 1 + IMAGE_BYTES], partition=camera * partitions // cameras,
                  headers=[("id", b"%s-%d-%08d" % (run, camera, number)), ("truth", LABELS[pictures[at]].encode()), ("at", b"%d" % time.time_ns())])


start = time.monotonic()
for number in range(images):
    for camera in range(cameras):
        if rate > 0:
            time.sleep(max(0, start + (number + camera / cameras) / rate - time.monotonic()))
        send(camera, number)
producer.close()

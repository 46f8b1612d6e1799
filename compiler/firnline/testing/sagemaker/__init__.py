"""What moto's SageMaker lacks or does otherwise than AWS, on moto's own objects."""
